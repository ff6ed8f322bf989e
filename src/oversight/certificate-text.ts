import type { Certificate } from '../contract/purge-outcome.ts';
import type { Sentences } from '../i18n/ko.ts';
import { sizeText } from '../i18n/size-text.ts';

/** What a run says of itself, in the words of the command line. */
export function certificateText(certificate: Certificate, words: Sentences): string {
  const { retention: said } = words;
  const { days, keys, failures, finishes } = certificate;
  const uncertain = (keys?.places ?? []).filter(({ overwriting }) => overwriting === 'uncertain');
  return [
    days.length === 0
      ? certificate.state === 'complete'
        ? said.nothingDue
        : said.stillIncomplete
      : said[certificate.state]({
          cameraDays: days.length,
          keys: days.reduce((sum, { hours }) => sum + hours.length, 0),
          files: days.reduce((sum, { files }) => sum + files, 0),
          size: sizeText(days.reduce((sum, { bytes }) => sum + bytes, 0)),
        }),
    ...certificate.records.map(said.forgotten),
    ...(keys
      ? [said.proof({ copies: keys.proof.copies, opened: keys.proof.opened, epoch: keys.toEpoch })]
      : []),
    ...uncertain.map(({ path, fileSystem = '?' }) => said.uncertain({ path, fileSystem })),
    ...placesText(certificate, words),
    ...(finishes ? [said.finishes(finishes)] : []),
    ...(keys && keys.damaged.length > 0 ? [said.damaged({ keys: keys.damaged.length })] : []),
    ...failures.slice(0, 20).map(({ file, code }) => said.failure({ file, code })),
    ...(certificate.accounted ? [] : [said.unaccounted]),
    said.certificate({ run: certificate.run }),
  ].join('\n');
}

/** Each place as it was left: what a person has to see to, and what has come right. */
function placesText({ settled = [], keys }: Certificate, { retention: said }: Sentences): string[] {
  const all = [...settled, ...(keys?.places ?? [])];
  // A place that was given up has another under the same path.
  const last = new Map(all.map((place) => [`${place.path} ${place.state === 'lost'}`, place]));
  const sentences = {
    refused: (path: string, code: string) => [said.refused({ path, code })],
    missing: (path: string) => [said.placeMissing({ path })],
    lost: (path: string) => [said.placeLost({ path })],
    overwritten: (path: string) => (keys ? [] : [said.placeSettled({ path })]),
    absent: () => [],
  };
  return [...last.values()].flatMap(({ path, state, code = '?' }) => sentences[state](path, code));
}
