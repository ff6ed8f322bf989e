import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ClinicCamera } from '../clinic.ts';
import { DEVICE_PATH, scopesOf } from './replies.ts';
import { escapeXml } from './soap.ts';

export const DISCOVERY_GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;

export interface Discoverable {
  readonly camera: ClinicCamera;
  readonly address: string;
  readonly onvifPort: number;
}

/** Answers WS-Discovery probes (WS-Discovery April 2005, ONVIF Core 7.3), on loopback only. */
export interface Discovery {
  /** The unicast port; the same for all addresses unless the system chose it. */
  readonly port: number;
  /** Whether multicast probes are heard: not where another program owns the group's port or lo cannot. */
  readonly multicast: boolean;
  stop(): Promise<void>;
}

/**
 * Listens on the multicast group over the loopback interface, where it answers for every camera, and on each
 * camera's own address, where it answers for that one.
 */
export async function startDiscovery(
  cameras: () => readonly Discoverable[],
  options: { readonly port?: number; readonly silent: (camera: string) => boolean },
): Promise<Discovery> {
  const sockets: Socket[] = [];
  let port = options.port ?? DISCOVERY_PORT;

  async function open(address: string, wanted: number, reuse: boolean): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: reuse });
    socket.on('message', (message, remote) => {
      // The group's port could be reached from outside if lo were bridged: never answer there.
      if (!remote.address.startsWith('127.')) return;
      const probe = readProbe(message.toString('utf8'));
      if (!probe) return;
      for (const one of cameras()) {
        if (address !== DISCOVERY_GROUP && one.address !== address) continue;
        if (!options.silent(one.camera.id)) socket.send(probeMatch(one, probe), remote.port, remote.address);
      }
    });
    try {
      socket.bind(wanted, address);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    // Whoever asked is gone before the answer: nothing is lost.
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  let multicast = false;
  try {
    for (const address of new Set(cameras().map((one) => one.address))) {
      port = (await open(address, port, true)).address().port;
    }
    multicast = await open(DISCOVERY_GROUP, port, true).then(
      (socket) => {
        socket.addMembership(DISCOVERY_GROUP, '127.0.0.1');
        return true;
      },
      () => false,
    );
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
  return {
    port,
    multicast,
    async stop() {
      await Promise.all(
        sockets.map((socket) => {
          const closed = once(socket, 'close');
          socket.close();
          return closed;
        }),
      );
    },
  };
}

/** @returns the message id of a probe for cameras; undefined for anything else. */
export function readProbe(xml: string): string | undefined {
  if (xml.length > 65_536 || !/<(?:[\w-]+:)?Probe[\s>/]/.test(xml)) return undefined;
  const types = /<(?:[\w-]+:)?Types[^>]*>([^<]*)</.exec(xml)?.[1]?.trim() ?? '';
  if (types && !/(?:^|[\s:])(?:NetworkVideoTransmitter|Device)(?:\s|$)/.test(types)) return undefined;
  return /<(?:[\w-]+:)?MessageID[^>]*>([^<]*)</.exec(xml)?.[1]?.trim();
}

export function probeMatch({ camera, address, onvifPort }: Discoverable, relatesTo: string): string {
  const id = `urn:uuid:6769726f-6b00-4000-8000-${String(camera.number).padStart(12, '0')}`;
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:MessageID>${id}</a:MessageID><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>${id}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopesOf(camera).join(' ')}</d:Scopes><d:XAddrs>http://${address}:${onvifPort}${DEVICE_PATH}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;
}
