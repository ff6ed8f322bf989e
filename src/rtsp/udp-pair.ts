import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';

export interface UdpPairOptions {
  /** Of ours, the one that the camera was reached from. */
  readonly localAddress: string;
  /** What comes from anywhere else is dropped. */
  readonly cameraAddress: string;
  rtp(datagram: Buffer): void;
  rtcp(datagram: Buffer): void;
}

/** An even port and the odd one above it, as RTP over UDP wants them (RFC 3550 §11). */
export interface UdpPair {
  readonly rtpPort: number;
  /** Opens a way back through firewalls: one packet to each of the camera's ports. */
  punch(rtpPort: number | undefined, rtcpPort: number | undefined): void;
  /** To the port that {@link punch} named, else to where the camera's reports come from. */
  sendReport(bytes: Buffer): void;
  close(): void;
}

const ATTEMPTS = 20;
/** A burst of a few key frames; the system gives what it allows. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** An RTP header and an empty receiver report (RFC 3550 §5.1, §6.4.2) without a source. */
const PUNCH_RTP = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const PUNCH_RTCP = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0]);

/** Calls `ready` once: with the pair, or with undefined when none was free. */
export function openUdpPair(options: UdpPairOptions, ready: (pair: UdpPair | undefined) => void): void {
  const attempt = (left: number) => {
    if (left === 0) return ready(undefined);
    bind(options.localAddress, 0, (rtp) => {
      if (!rtp) return ready(undefined);
      const { port } = rtp.address();
      const again = () => {
        rtp.close();
        attempt(left - 1);
      };
      if (port % 2 === 1) return again();
      bind(options.localAddress, port + 1, (rtcp) => {
        if (rtcp) ready(pairOf(rtp, rtcp, port, options));
        else again();
      });
    });
  };
  attempt(ATTEMPTS);
}

function pairOf(rtp: Socket, rtcp: Socket, rtpPort: number, options: UdpPairOptions): UdpPair {
  const { cameraAddress } = options;
  let reportPort: number | undefined;
  let named = false;
  let closed = false;
  rtp.on('message', (datagram, { address }) => {
    if (!closed && address === cameraAddress) options.rtp(datagram);
  });
  rtcp.on('message', (datagram, { address, port }) => {
    if (closed || address !== cameraAddress) return;
    if (!named) reportPort = port;
    options.rtcp(datagram);
  });
  // "Port unreachable": a camera that has not begun to listen, or a firewall's answer. The stream tells.
  const ignored = () => undefined;
  const send = (socket: Socket, bytes: Buffer, port: number | undefined) => {
    if (port !== undefined && !closed) socket.send(bytes, port, cameraAddress, ignored);
  };
  return {
    rtpPort,
    punch(toRtp, toRtcp) {
      named = toRtcp !== undefined;
      if (named) reportPort = toRtcp;
      send(rtp, PUNCH_RTP, toRtp);
      send(rtcp, PUNCH_RTCP, toRtcp);
    },
    sendReport: (bytes) => send(rtcp, bytes, reportPort),
    close() {
      if (closed) return;
      closed = true;
      rtp.close();
      rtcp.close();
    },
  };
}

function bind(address: string, port: number, bound: (socket: Socket | undefined) => void): void {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  let settled = false;
  socket.on('error', () => {
    // Afterwards it is ICMP, see above.
    if (settled) return;
    settled = true;
    socket.close();
    bound(undefined);
  });
  socket.bind({ address, port, exclusive: true }, () => {
    settled = true;
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // A smaller one loses more in a burst, and the loss is counted.
    }
    bound(socket);
  });
}
