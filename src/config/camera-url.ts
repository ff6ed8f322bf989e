export type CameraUrlFault = 'bad_url' | 'credentials_in_url';

export const CAMERA_URL_MAX_BYTES = 512;

const SCHEMES = { onvif: ['http:', 'https:'], rtsp: ['rtsp:', 'rtsps:'] } as const;
const UNPRINTABLE = /[\p{Cc}\p{Z}]/u;

/**
 * Whether `text` may be used to reach a camera: the right scheme, a host, at most 512 bytes, no white space or
 * control characters (they would split a request), and no user info (a password would end in logs).
 */
export function cameraUrlFault(text: string, use: keyof typeof SCHEMES): CameraUrlFault | undefined {
  if (Buffer.byteLength(text) > CAMERA_URL_MAX_BYTES || UNPRINTABLE.test(text)) return 'bad_url';
  const url = URL.parse(text);
  if (!url || !SCHEMES[use].some((scheme) => scheme === url.protocol) || url.hostname === '')
    return 'bad_url';
  if (url.username || url.password || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) return 'credentials_in_url';
  return undefined;
}
