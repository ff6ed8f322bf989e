import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { cameraUrlFault } from '../config/camera-url.ts';
import { literalAddress, type Networks } from '../config/networks.ts';
import type { Clock } from '../lib/clock.ts';
import { sleep } from '../lib/clock.ts';
import { find, findAll, readSoap, SoapRefused } from './soap-tree.ts';

export interface DiscoveredDevice {
  readonly address: string;
  /** Of the ONVIF device service. */
  readonly deviceUrl: string;
  readonly name?: string;
  readonly model?: string;
}

export interface DiscoverOptions {
  readonly networks: Networks;
  /** Asked one by one, all inside the networks; needed where multicast does not reach. */
  readonly addresses: readonly string[];
  /** Also ask all at once, through every interface of ours that lies inside the networks. */
  readonly multicast: boolean;
  readonly clock: Clock;
  readonly listenMs?: number;
  readonly port?: number;
  readonly signal?: AbortSignal;
}

/** WS-Discovery 1.1 and ONVIF core §7.3. */
const GROUP = '239.255.255.250';
const DISCOVERY_PORT = 3702;
const DISCOVERY_LISTEN_MS = 3000;
const DEVICES_MAX = 1024;

/**
 * Asks for ONVIF devices by WS-Discovery. Only answers to our own question from inside the networks count, and
 * only addresses inside the networks are taken from them. In the order of their addresses.
 */
export async function discover(options: DiscoverOptions): Promise<DiscoveredDevice[]> {
  const { networks, clock } = options;
  const port = options.port ?? DISCOVERY_PORT;
  const messageId = `urn:uuid:${randomUUID()}`;
  const probe = Buffer.from(probeMessage(messageId));
  const found = new Map<string, DiscoveredDevice>();
  const ways = options.multicast ? interfacesInside(networks) : [];
  const sockets = await Promise.all((ways.length === 0 ? [undefined] : ways).map(openSocket));
  try {
    for (const socket of sockets) {
      socket.on('message', (datagram, { address }) => {
        if (!networks.contains(address) || found.size >= DEVICES_MAX) return;
        const device = readMatch(datagram, address, messageId, networks);
        if (device && !found.has(device.deviceUrl)) found.set(device.deviceUrl, device);
      });
    }
    // Twice, as datagrams get lost; the answers fold into one by their address.
    for (const pause of [0, 250]) {
      await sleep(clock, pause, options.signal);
      if (ways.length > 0) for (const socket of sockets) send(socket, probe, port, GROUP);
      for (const [index, address] of options.addresses.entries()) {
        if (index % 64 === 63) await sleep(clock, 10, options.signal);
        if (networks.contains(address)) send(sockets[0], probe, port, address);
      }
    }
    await sleep(clock, options.listenMs ?? DISCOVERY_LISTEN_MS, options.signal);
  } finally {
    for (const socket of sockets) socket.close();
  }
  return [...found.values()].sort((a, b) => addressOrder(a.address).localeCompare(addressOrder(b.address)));
}

type Socket = ReturnType<typeof createSocket>;

async function openSocket(through: string | undefined): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, through, resolve);
  });
  // An unreachable address among many is the normal case; silence says the same.
  socket.removeAllListeners('error').on('error', () => undefined);
  if (through !== undefined) socket.setMulticastInterface(through);
  return socket;
}

function send(socket: Socket | undefined, message: Buffer, port: number, address: string): void {
  // A failed send is a device that does not answer.
  socket?.send(message, port, address, () => undefined);
}

/** Our own IPv4 addresses inside the networks: multicast leaves through those interfaces and no other. */
const interfacesInside = (networks: Networks): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, address }) => family === 'IPv4' && networks.contains(address))
    .map(({ address }) => address);

/** One `ProbeMatches` answer; undefined when it is not ours, not readable or points outside. */
export function readMatch(
  datagram: Buffer,
  from: string,
  messageId: string,
  networks: Networks,
): DiscoveredDevice | undefined {
  try {
    const reply = readSoap(datagram.toString('utf8'));
    if (find(reply, 'RelatesTo')?.text !== messageId) return undefined;
    for (const match of findAll(reply, 'ProbeMatch')) {
      const device = deviceOf(
        (find(match, 'XAddrs')?.text ?? '').split(/\s+/),
        (find(match, 'Scopes')?.text ?? '').split(/\s+/),
        from,
        networks,
      );
      if (device) return device;
    }
    return undefined;
  } catch (error) {
    // Anybody may answer a question asked to all; what is not SOAP is not a camera.
    if (error instanceof SoapRefused) return undefined;
    throw error;
  }
}

function deviceOf(
  urls: readonly string[],
  scopes: readonly string[],
  from: string,
  networks: Networks,
): DiscoveredDevice | undefined {
  const usable = urls.flatMap((url) => {
    if (cameraUrlFault(url, 'onvif') !== undefined) return [];
    const address = literalAddress(new URL(url).hostname);
    return address !== undefined && isIP(address) === 4 && networks.contains(address)
      ? [{ url, address }]
      : [];
  });
  const chosen = usable.find(({ address }) => address === from) ?? usable[0];
  if (!chosen) return undefined;
  const name = scope(scopes, 'name');
  const model = scope(scopes, 'hardware');
  return {
    address: chosen.address,
    deviceUrl: chosen.url,
    ...(name ? { name } : {}),
    ...(model ? { model } : {}),
  };
}

function scope(scopes: readonly string[], kind: string): string | undefined {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const value = scopes
    .find((text) => text.toLowerCase().startsWith(prefix))
    ?.slice(prefix.length, prefix.length + 80);
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value).replace(/\p{Cc}/gu, ' ');
  } catch {
    // Some cameras do not encode what they put there; then it stands for itself.
    return value;
  }
}

const addressOrder = (address: string): string =>
  address
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('.');

const probeMessage = (messageId: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>${messageId}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`;
