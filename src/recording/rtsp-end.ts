import type { RtspEnd } from '../rtsp/session.ts';
import type { SourceEnd } from './source.ts';

const MEANINGS: Readonly<Record<RtspEnd['reason'], SourceEnd>> = {
  refused_connection: { cause: 'camera_off', detail: 'nothing answers at the camera’s port' },
  connection_closed: { cause: 'camera_off', detail: 'the camera closed the connection' },
  server_ended: { cause: 'camera_off', detail: 'the camera ended the stream' },
  session_expired: { cause: 'camera_off', detail: 'the camera forgot the session' },
  no_way: { cause: 'network', detail: 'no way to the camera' },
  no_answer: { cause: 'network', detail: 'the camera does not answer' },
  login_refused: { cause: 'refused', detail: 'the camera refused the login' },
  stream_refused: { cause: 'refused', detail: 'the camera refused the stream' },
  camera_error: { cause: 'refused', detail: 'the camera reported an error of its own' },
  redirected_away: { cause: 'refused', detail: 'the camera sends us to another address' },
  no_video: { cause: 'unusable', detail: 'the camera sends no H.264 or H.265 video' },
  unsupported_codec: { cause: 'unusable', detail: 'the camera sends no H.264 or H.265 video' },
  unsupported_transport: { cause: 'unusable', detail: 'the camera offers no way of sending that we know' },
  unsupported_packetization: { cause: 'unusable', detail: 'the camera packs its video in a rare way' },
  unreadable_description: {
    cause: 'unusable',
    detail: 'the camera’s description of its stream is unreadable',
  },
  unreadable_stream: { cause: 'unusable', detail: 'the stream is damaged beyond reading' },
  stopped: { cause: 'stopped', detail: 'ended by the recorder' },
};

/** What the end of an RTSP session means for the recording. */
export const explainRtspEnd = ({ reason }: RtspEnd): SourceEnd => MEANINGS[reason];
