import type { cameras as ko } from '../ko/cameras.ts';

export const cameras: typeof ko = {
  column: {
    id: 'id',
    name: 'name',
    place: 'place',
    zone: 'zone',
    recording: 'recording',
    address: 'address',
  },
  zone: {
    public: 'public place',
    non_public: 'non-public place',
    operating_room: 'operating room',
    prohibited: 'prohibited',
  },
  why: {
    continuous: 'continuous',
    disabled: 'switched off',
    prohibited: 'prohibited',
    waits_for_request: 'waits for a request',
    asked_for: 'on request, now',
    operating_room_unconfirmed: 'needs confirmation',
    operating_room_confirmed: 'continuous (confirmed)',
  },
  discovering: (f) => `Looking for cameras (${f.addresses} addresses)…`,
  discovered: (f) =>
    f.found === 0
      ? '# No camera answered. Is this the same network, and is that network in cameraNetworks?'
      : f.found === f.known
        ? `# ${f.found} cameras answered; all of them are registered already.`
        : `# ${f.found} cameras answered, ${f.known} of them registered already. Paste the following under "cameras" and fill in names and places.`,
  tooManyAddresses: (f) => `Too many addresses: at most ${f.maximum} at a time.`,
  badTarget: (f) => `"${f.target}" is neither an IPv4 address nor a network (CIDR).`,
  probing: (f) => `${f.camera}: connecting and watching the streams for 6 seconds…`,
  probed: {
    device: 'device',
    clock: 'clock offset',
    stream: 'stream',
    keyFrames: 'key frames every',
    unknown: 'unknown',
    seconds: (f) => `${f.seconds} s`,
  },
  warning: {
    dynamic_gop:
      'The distance between key frames varies (smart codec); switch Smart Codec, H.264+ or Zipstream off in the camera.',
    key_frames_far_apart:
      'Key frames are more than 2 s apart; set the I-frame interval in the camera to 1 or 2 s.',
    no_key_frame: 'No key frame came while watching; set the I-frame interval in the camera to 1 or 2 s.',
    clock_offset: "The camera's clock is more than 2 s off; check its NTP settings.",
    codec: 'This coding cannot be recorded; set the camera to H.264 or H.265.',
    no_sub: 'There is no sub-stream; switch on an H.264 sub-stream in the camera.',
  },
};
