import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** An even port and the odd one above it, as RTP over UDP wants them (RFC 3550 11). */
export interface UdpPair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly rtpPort: number;
  close(): void;
}

/** @throws when twenty attempts found no free pair. */
export async function bindUdpPair(address: string, onData: (remotePort: number) => void): Promise<UdpPair> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const rtp = await bind(address, 0);
    const port = rtp.address().port;
    const rtcp = port % 2 === 0 ? await bind(address, port + 1).catch(() => undefined) : undefined;
    if (!rtcp) {
      rtp.close();
      continue;
    }
    for (const socket of [rtp, rtcp]) {
      socket.on('message', (_, remote) => onData(remote.port));
      // A client that has gone answers with ICMP "port unreachable"; its session ends by timeout.
      socket.on('error', () => undefined);
    }
    return {
      rtp,
      rtcp,
      rtpPort: port,
      close() {
        rtp.close();
        rtcp.close();
      },
    };
  }
  throw new Error(`no free pair of UDP ports on ${address}`);
}

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
