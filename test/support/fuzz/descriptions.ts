import { isSendable } from '../../../src/rtsp/address.ts';
import { baseUrl, controlUrl } from '../../../src/rtsp/control-url.ts';
import { readDescription } from '../../../src/rtsp/sdp.ts';
import { type Family, must } from './family.ts';
import { mutateText } from './mutate.ts';
import { receive } from './packets.ts';
import type { Recording } from './recordings.ts';

const URL_ASKED = 'rtsp://127.0.0.1:554/main';

/** Descriptions; what is read from one is within its bounds, and a receiver can be made of it. */
export function createDescriptions(recordings: readonly Recording[]): Family {
  const texts = recordings.map(({ description }) => description);
  return {
    name: 'descriptions',
    share: 30,
    make: (chances) => [mutateText(chances.pick(texts), chances, texts)],
    take([text = Buffer.alloc(0)], chances) {
      const found = readDescription(text.toString('latin1'));
      if ('fault' in found) {
        must(/^[\x21-\x7e]{0,20}$/.test(found.encoding ?? ''), 'a codec’s name that is not printable');
        return;
      }
      const { track } = found;
      must(track.payloadType >= 0 && track.payloadType < 128, 'payload type');
      must(track.clockRate >= 1 && track.clockRate < 1e9, 'clock rate');
      must(track.parameterSets.length <= 16, 'parameter sets');
      must(
        track.parameterSets.every(({ length }) => length > 0 && length <= 4096),
        'a long parameter set',
      );
      for (const control of [track.control, track.presentationControl]) {
        const url = controlUrl(baseUrl(URL_ASKED, control, undefined), control);
        must(url === undefined || isSendable(url), 'a URL that cannot be sent');
      }
      if (!chances.once(4)) return;
      const { packets } = chances.pick(recordings);
      receive({ ...track, transport: 'tcp' }, packets.slice(0, 8), chances);
    },
  };
}
