import type { Forecast } from '../contract/recorder-status.ts';
import type { Sentences } from '../i18n/ko.ts';
import { sizeText } from '../i18n/size-text.ts';

/** Whether the retention period will fit, in a sentence for a person. */
export function forecastSentence(forecast: Forecast, words: Sentences): string {
  const { fits, doesNotFit, nothing, estimated } = words.operation.forecast;
  const { retentionDays: days, bytesPerDay, daysThatFit, measuredStreams, assumedStreams } = forecast;
  if (bytesPerDay === 0) return nothing({});
  const usable = Math.max(0, forecast.freeBytes + forecast.heldBytes - forecast.reserveBytes);
  const facts = {
    days,
    perDay: sizeText(bytesPerDay),
    fit: daysThatFit,
    missing: sizeText(bytesPerDay * (days + 1) - usable),
  };
  const verdict = forecast.fits ? fits(facts) : doesNotFit(facts);
  if (assumedStreams === 0) return verdict;
  return `${verdict} ${estimated({ estimated: assumedStreams, streams: measuredStreams + assumedStreams })}`;
}
