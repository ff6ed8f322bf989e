/**
 * How cameras deviate from the standards and still want to be recorded: what recorders' projects report, with the
 * cameras they name.
 */
export const QUIRK_KINDS = [
  // Session and transport
  /** Packets of an older session before PLAY and between the new ones (old live555 servers). TCP only. */
  'stale_session',
  /** Each answer after the first SETUP names another session id. */
  'session_id_changes',
  /** GET_PARAMETER is never answered (GW Security). With these three, only a request that is granted keeps a session. */
  'keepalive_ignored',
  /** GET_PARAMETER is answered with 501. */
  'keepalive_refused',
  /** GET_PARAMETER and SET_PARAMETER, which OPTIONS does not name, end the connection (MediaMTX 0.19). */
  'keepalive_cuts',
  /** The first pictures come before the answer to PLAY (Reolink, v4l2rtspserver). */
  'data_before_play',
  /** An empty line before interleaved packets. TCP only. */
  'crlf_before_data',
  /** Packets on channels that no SETUP named. TCP only. */
  'unassigned_channels',
  /** SETUP is answered with other channel numbers than asked for. TCP only. */
  'other_channels',
  /** Bytes that belong to nothing between interleaved packets. TCP only. */
  'garbage_between',
  /** Transport without `/TCP` (Escam Q6). */
  'transport_without_tcp',
  /** `server_port=` without a number (OpenIPC). UDP only. */
  'server_port_empty',
  /** Blanks in the SSRC of Transport (Hikvision iDS-2CD9396-BIS, DS-2CD3641G2-IZS). */
  'transport_ssrc_blank',
  /** The SSRC first among Transport's parameters, and no `unicast` (Luckfox rkipc). */
  'transport_ssrc_first',
  /** SETUP is answered without Transport. */
  'transport_missing',
  /** 401 without a User-Agent (go2rtc #235). */
  'user_agent_wanted',
  /** Basic, Digest with MD5 and with SHA-256 in a header each; Basic itself is not accepted. */
  'challenges_many_headers',
  /** The same in a single header. */
  'challenges_one_header',
  /** 551 to whatever has a Require header (Dahua, Amcrest and the back channel). */
  'require_refused',
  /** 461 to every SETUP over TCP. */
  'tcp_refused',
  /** RTP packets of about 10,000 bytes (Tapo). UDP only. */
  'big_datagrams',
  /** 453 while the camera's only session lives: it ends by TEARDOWN or timeout, not with its connection (Axis, TP-Link). */
  'one_session',

  // SDP and headers
  /** No `o=` line. */
  'sdp_without_origin',
  /** Several `s=` lines. */
  'sdp_many_names',
  /** A `c=` line without an address. */
  'sdp_broken_connection',
  /** A media section before the video that fits no grammar (TP-Link). */
  'sdp_unreadable_media',
  /** `rtsp://rtsp://` in Content-Base. */
  'base_doubled',
  /** Content-Base without a scheme (Anjvision). */
  'base_without_scheme',
  /** An IPv4 address written as IPv6, without brackets, in Content-Base. */
  'base_v4_mapped',
  /** DESCRIBE is answered without Content-Type. */
  'content_type_missing',
  /** Blanks at the end of headers and of the rtpmap line (Longse). */
  'trailing_blanks',
  /** `a=control` as the first line of a media section. */
  'control_first',
  /** `a=fmtp` with nothing in it (UniFi). */
  'fmtp_empty',
  /** No parameter sets in the SDP: they come in band only (many). */
  'sets_in_band_only',
  /** Parameter sets in the SDP only, never in band. */
  'sets_in_sdp_only',
  /** The video's fmtp line stands in the section of the sound. */
  'fmtp_on_audio',
  /** `packetization-mode=2` although units come in their order (H.264). */
  'interleaving_announced',
  /** The control address has a query, without which SETUP and PLAY find nothing (as Dahua's addresses have). */
  'control_with_query',
  /** RTP-Info says `seq=0` (Hikvision DS-2CD2032-I). */
  'rtp_info_seq_zero',
  /** RTP-Info says `seq=1` (Tapo C320WS). */
  'rtp_info_seq_one',
  /** RTP-Info has an rtptime that is no number (OMNY M5S2A). */
  'rtp_info_time_invalid',
  /** Semicolons at the end of RTP-Info (Laureii). */
  'rtp_info_semicolons',
  /** An SSRC inside RTP-Info (Reolink). */
  'rtp_info_ssrc',
  /** Sender reports of an unknown SSRC, with times of their own (Tapo C320WS). */
  'foreign_reports',

  // Payload
  /** Bytes behind the SPS of the SDP (Reolink). */
  'sps_extra_bytes',
  /** The SDP has the parameter sets of another picture size. */
  'sets_wrong_in_sdp',
  /** A picture's units are joined by start codes and sent as if they were one unit (V380). */
  'start_codes_within',
  /** Each payload of a whole unit begins with a start code. */
  'start_codes_before',
  /** The marker bit also on packets of SEI and parameter sets (Ivel). */
  'marker_on_sets',
  /** Fragments of a unit name another type than its first (Tiandy). */
  'fragment_type_changes',
  /** Fragments and whole RTP packets without a payload. */
  'empty_fragments',
  /** The forbidden and the reserved bit are set in fragments. */
  'reserved_bits',
  /** Packets of payload type 50 between those of the picture, in the same sequence (Geovision). */
  'foreign_payload_type',
  /** RTP header extension. */
  'header_extension',
  /** RTP contributing sources. */
  'contributing_sources',
  /** RTP padding. */
  'padding',
  /** SPS, PPS and SEI in one packet: STAP-A, or AP for H.265. */
  'aggregation',
  /** Parameter sets have the RTP time of the picture before them. */
  'sets_with_old_time',
  /** SPS alternately with and without zeros behind it (mediamtx #4262). */
  'sps_flapping',
  /** Two B-frames between the others: RTP time is that of presentation (H.264 main streams, the entrance). */
  'b_frames',
  /** A key frame every 10 s and no parameter sets in the SDP: "smart codec" (H.264 main streams, the entrance). */
  'long_group',
  /** A session begins with the next picture, key frame or not. */
  'joins_mid_group',
  /** The last 5 s come first, faster than real time (mediamtx #5550). */
  'pre_buffer',
] as const;

export type QuirkKind = (typeof QUIRK_KINDS)[number];

export type Quirks = ReadonlySet<QuirkKind>;

/** Which camera has which quirks. A change shows in new connections; `b_frames` and `long_group` at the next group. */
export interface QuirkBoard {
  of(camera: string): Quirks;
  /** Replaces what the camera had. */
  set(camera: string, kinds: readonly QuirkKind[]): void;
}

export function createQuirkBoard(everybodys: readonly QuirkKind[] = []): QuirkBoard {
  const usual: Quirks = new Set(everybodys);
  const own = new Map<string, Quirks>();
  return {
    of: (camera) => own.get(camera) ?? usual,
    set: (camera, kinds) => void own.set(camera, new Set(kinds)),
  };
}
