/** The video track that a description offers and we can record. */
export interface VideoTrack {
  readonly codec: 'h264' | 'h265';
  /** Ticks a second of the RTP timestamps. */
  readonly clockRate: number;
  readonly payloadType: number;
  /** Decoded from `sprop-…`: VPS, SPS, PPS as they stood there, nothing of them checked. */
  readonly parameterSets: readonly Buffer[];
  /** `a=control` of the track, and of the whole presentation. */
  readonly control: string | undefined;
  readonly presentationControl: string | undefined;
}

export type SdpFault =
  | 'no_video'
  | 'unsupported_codec'
  | 'unsupported_transport'
  | 'unsupported_packetization'
  | 'unreadable_description';

export type Description =
  | { readonly track: VideoTrack }
  /** `encoding`: the codec's name, printable and at most 20 characters. */
  | { readonly fault: SdpFault; readonly encoding?: string };

const DEFAULT_CLOCK_RATE = 90_000;
const MAX_LINES = 2000;
/** More than any camera describes; each may be compared with all lines there are. */
const MAX_SECTIONS = 32;
const MAX_PARAMETERS = 64;
const MAX_PARAMETER_SETS = 16;
const MAX_PARAMETER_SET_BYTES = 4096;
const MAX_ENCODING_LENGTH = 20;
/** Codecs that need no `rtpmap` (RFC 3551 §6). */
const STATIC_VIDEO: Readonly<Record<number, string>> = {
  26: 'JPEG',
  28: 'nv',
  31: 'H261',
  32: 'MPV',
  33: 'MP2T',
  34: 'H263',
};

interface Attribute {
  readonly name: string;
  readonly value: string;
}

interface Section {
  readonly kind: string;
  readonly protocol: string;
  readonly payloadTypes: readonly number[];
  readonly attributes: Attribute[];
}

interface RtpMap {
  readonly payloadType: number;
  readonly encoding: string;
  readonly clockRate: number;
}

/**
 * Finds the video in a description (RFC 8866), as cameras write them: only `m=` and `a=` are looked at, so that
 * no other line can be missing, doubled or broken. The first section with H.264 or H.265 wins.
 *
 * @param text bytes as Latin-1
 */
export function readDescription(text: string): Description {
  const lines = text.split(/\r\n|\n|\r/, MAX_LINES).map((line) => line.trim());
  const presentation: Attribute[] = [];
  const sections: Section[] = [];
  let broken = 0;
  let into = presentation;
  for (const line of lines) {
    if (/^m=/i.test(line)) {
      const section = sections.length < MAX_SECTIONS ? sectionOf(line.slice(2)) : undefined;
      if (section) sections.push(section);
      else broken++;
      // What follows a section that cannot be read belongs to it and goes with it.
      into = section?.attributes ?? [];
    } else if (/^a=/i.test(line)) {
      into.push(attributeOf(line.slice(2)));
    }
  }
  if (sections.length === 0) {
    const isDescription = broken === 0 && lines.some((line) => /^v=\d/i.test(line));
    return { fault: isDescription ? 'no_video' : 'unreadable_description' };
  }
  const everywhere = [...presentation, ...sections.flatMap(({ attributes }) => attributes)];
  let fault: Description = { fault: 'no_video' };
  for (const section of sections.filter(({ kind }) => kind === 'video')) {
    const found = readSection(section, everywhere, controlOf(presentation));
    if ('track' in found) return found;
    if (fault.fault === 'no_video') fault = found;
  }
  return fault;
}

function readSection(
  section: Section,
  everywhere: readonly Attribute[],
  presentationControl: string | undefined,
): Description {
  if (!/^RTP\/AVPF?(\/(TCP|UDP))?$/i.test(section.protocol)) return { fault: 'unsupported_transport' };
  const maps = rtpMapsOf(section);
  const map = maps.find(({ encoding }) => codecOf(encoding) !== undefined);
  const codec = map && codecOf(map.encoding);
  if (!codec) {
    const name = maps[0]?.encoding ?? STATIC_VIDEO[section.payloadTypes[0] ?? -1];
    const encoding = name?.replace(/[^\x21-\x7e]/g, '').slice(0, MAX_ENCODING_LENGTH);
    return { fault: 'unsupported_codec', ...(encoding && { encoding }) };
  }
  const { payloadType, clockRate } = map;
  // Some cameras attach the line to another section; the payload type says whose it is.
  const format = formatOf(section.attributes, payloadType) ?? formatOf(everywhere, payloadType) ?? new Map();
  const interleaved =
    codec === 'h264'
      ? format.get('packetization-mode') === '2'
      : Number(format.get('sprop-max-don-diff')) > 0;
  if (interleaved) return { fault: 'unsupported_packetization' };
  const names = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  const parameterSets = names
    .flatMap((name) => parameterSetsOf(format.get(name)))
    .slice(0, MAX_PARAMETER_SETS);
  return {
    track: {
      codec,
      clockRate,
      payloadType,
      parameterSets,
      control: controlOf(section.attributes),
      presentationControl,
    },
  };
}

/** `video 0 RTP/AVP 96 97` (RFC 8866 §5.14). */
function sectionOf(text: string): Section | undefined {
  const [kind = '', port = '', protocol = '', ...formats] = text.split(/\s+/);
  if (!/^[a-z]+$/i.test(kind) || !/^\d{1,5}(\/\d{1,5})?$/.test(port) || protocol === '') return undefined;
  return {
    kind: kind.toLowerCase(),
    protocol,
    payloadTypes: formats.filter((format) => isPayloadType(format)).map(Number),
    attributes: [],
  };
}

function attributeOf(text: string): Attribute {
  const colon = text.indexOf(':');
  if (colon < 0) return { name: text.toLowerCase(), value: '' };
  return { name: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim() };
}

/** `96 H264/90000`: first those that the section names, in its order, then any other. */
function rtpMapsOf({ attributes, payloadTypes }: Section): RtpMap[] {
  const maps = attributes.flatMap(({ name, value }): RtpMap[] => {
    const parts = name === 'rtpmap' ? /^(\d{1,3})\s+([^\s/]+)(?:\s*\/\s*(\d{1,9}))?/.exec(value) : null;
    if (!parts || !isPayloadType(parts[1]!)) return [];
    const clockRate = Number(parts[3] ?? 0) || DEFAULT_CLOCK_RATE;
    return [{ payloadType: Number(parts[1]), encoding: parts[2]!, clockRate }];
  });
  const place = ({ payloadType }: RtpMap) => {
    const index = payloadTypes.indexOf(payloadType);
    return index < 0 ? payloadTypes.length : index;
  };
  return maps.sort((a, b) => place(a) - place(b));
}

/** `96 packetization-mode=1;sprop-…=…`: the parameters of one payload type, names in lower case. */
function formatOf(
  attributes: readonly Attribute[],
  payloadType: number,
): ReadonlyMap<string, string> | undefined {
  const line = attributes.find(
    ({ name, value }) => name === 'fmtp' && Number.parseInt(value, 10) === payloadType,
  );
  if (!line) return undefined;
  const parameters = line.value.replace(/^\d+/, '').split(';', MAX_PARAMETERS);
  return new Map(
    parameters.map((parameter) => {
      // The value of a base64 text may end in `=` itself.
      const sign = `${parameter}=`.indexOf('=');
      return [parameter.slice(0, sign).trim().toLowerCase(), parameter.slice(sign + 1).trim()] as const;
    }),
  );
}

/** Base64, several with commas between; what decodes to nothing or to far too much is left out. */
const parameterSetsOf = (list: string | undefined): Buffer[] =>
  (list ?? '')
    .split(',')
    .map((text) => Buffer.from(text, 'base64'))
    .filter(({ length }) => length > 0 && length <= MAX_PARAMETER_SET_BYTES);

const controlOf = (attributes: readonly Attribute[]): string | undefined =>
  attributes.find(({ name, value }) => name === 'control' && value !== '')?.value;

function codecOf(encoding: string): VideoTrack['codec'] | undefined {
  const name = encoding.toUpperCase();
  return name === 'H264' ? 'h264' : name === 'H265' ? 'h265' : undefined;
}

const isPayloadType = (text: string) => /^\d{1,3}$/.test(text) && Number(text) < 128;
