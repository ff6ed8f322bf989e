import type { Quirks } from '../quirks.ts';
import { nalType } from '../scenes/annex-b.ts';
import type { ServedTrack } from './track.ts';

const BEHIND_SPS = Buffer.from([0xbd, 0x80]);

/** The parameter sets that a camera with quirks announces, which need not be those it sends. */
export function announcedSets(track: ServedTrack, misleading: ServedTrack, quirks: Quirks): ServedTrack {
  const { parameterSets } = quirks.has('sets_wrong_in_sdp') ? misleading : track;
  if (!quirks.has('sps_extra_bytes')) return { ...track, parameterSets };
  const sps = track.codec === 'h264' ? 7 : 33;
  const longer = (nal: Uint8Array) =>
    nalType(track.codec, nal[0]!) === sps ? Buffer.concat([nal, BEHIND_SPS]) : nal;
  return { ...track, parameterSets: parameterSets.map(longer) };
}

/** A description as a camera with quirks writes it. `control`: the absolute address that it names for the whole. */
export function quirkySdp(sdp: string, control: string, quirks: Quirks): string {
  if (quirks.size === 0) return sdp;
  const [session = [], ...media] = sectionsOf(sdp);
  const own = quirkySession(session, control, quirks);
  const rest = fmtpOnAudio(
    media.map((section) => quirkyMedia(section, quirks)),
    quirks,
  );
  const unreadable = quirks.has('sdp_unreadable_media') ? UNREADABLE : [];
  return `${[...own, ...unreadable, ...rest.flat()].join('\r\n')}\r\n`;
}

const UNREADABLE = [
  'm=application/TP-LINK 0 RTP/AVP smart/1/90000',
  'a=rtpmap:95 TP-LINK/90000',
  'a=control:track3',
];

function sectionsOf(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.trimEnd().split('\r\n')) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)!.push(line);
  }
  return sections;
}

function quirkySession(lines: readonly string[], control: string, quirks: Quirks): string[] {
  return lines.flatMap((line) => {
    if (line.startsWith('o=') && quirks.has('sdp_without_origin')) return [];
    if (line.startsWith('s=') && quirks.has('sdp_many_names')) return [line, 's=', 's=Media Server'];
    if (line.startsWith('c=') && quirks.has('sdp_broken_connection')) return ['c=IN'];
    if (line === 'a=control:*' && quirks.has('control_with_query')) return [`a=control:${control}`];
    return [line];
  });
}

function quirkyMedia(lines: readonly string[], quirks: Quirks): string[] {
  const section = lines.map((line) => {
    if (line.startsWith('a=rtpmap:') && quirks.has('trailing_blanks')) return `${line}  `;
    if (!line.startsWith('a=fmtp:')) return line;
    if (quirks.has('fmtp_empty')) return `${line.split(' ')[0]} `;
    if (quirks.has('interleaving_announced'))
      return line.replace('packetization-mode=1', 'packetization-mode=2');
    if (quirks.has('sets_in_band_only') || quirks.has('long_group'))
      return line.replace(/;?sprop-[a-z-]+=[^;]*/g, '');
    return line;
  });
  if (!quirks.has('control_first')) return section;
  const isControl = (line: string) => line.startsWith('a=control:');
  return [section[0]!, ...section.filter(isControl), ...section.slice(1).filter((line) => !isControl(line))];
}

/** Moves the video's fmtp line to the end of the next section, that of the sound. */
function fmtpOnAudio(media: string[][], quirks: Quirks): string[][] {
  if (!quirks.has('fmtp_on_audio')) return media;
  const [video = [], audio = [], ...rest] = media;
  const isFmtp = (line: string) => line.startsWith('a=fmtp:');
  return [video.filter((line) => !isFmtp(line)), [...audio, ...video.filter(isFmtp)], ...rest];
}
