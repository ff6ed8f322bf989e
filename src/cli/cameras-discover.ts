import { configEntries, unregistered } from '../cameras/config-entry.ts';
import { discover } from '../cameras/discover.ts';
import { expandTargets, TARGETS_MAX } from '../cameras/targets.ts';
import { createNetworks } from '../config/networks.ts';
import { GirokError } from '../lib/errors.ts';
import type { Command, CommandContext } from './command.ts';

export const camerasDiscover: Command = {
  name: 'cameras discover',
  summary: {
    ko: '허용한 망에서 ONVIF 카메라를 찾아 cameras.yml 에 붙여 넣을 항목을 냅니다.',
    en: 'Finds ONVIF cameras in the allowed networks and prints entries for cameras.yml.',
  },
  usage: '[ADDRESS | NETWORK/BITS]…',
  examples: [
    'npm run -s girok -- cameras discover',
    'npm run -s girok -- cameras discover 192.168.10.0/24 192.168.20.7',
  ],
  options: {
    'no-multicast': {
      type: 'boolean',
      help: { ko: '적은 주소에만 하나씩 묻습니다', en: 'ask only the addresses given, one by one' },
    },
    port: {
      type: 'string',
      value: 'N',
      help: { ko: 'WS-Discovery 포트 (기본 3702)', en: 'WS-Discovery port (default 3702)' },
    },
  },
  positionals: { min: 0, max: 64 },
  json: '{ devices: [{ address, deviceUrl, name?, model? }], entries: string }',
  async run(context) {
    const { words } = context;
    const config = context.config();
    const networks = createNetworks(config.cameraNetworks);
    const addresses = addressesOf(context);
    const outside = addresses.find((address) => !networks.contains(address));
    if (outside !== undefined) throw new GirokError('camera_outside_networks', { address: outside });
    const port = portOf(context);
    context.progress(words.cameras.discovering({ addresses: addresses.length }));
    const devices = await discover({
      networks,
      addresses,
      multicast: !context.options.flag('no-multicast'),
      clock: context.clock,
      signal: context.signal,
      ...(port === undefined ? {} : { port }),
    });
    const fresh = unregistered(devices, config);
    const entries = configEntries(fresh, config);
    context.result(
      { devices, entries },
      [words.cameras.discovered({ found: devices.length, known: devices.length - fresh.length }), entries]
        .filter(Boolean)
        .join('\n'),
    );
    return undefined;
  },
};

function addressesOf(context: CommandContext): readonly string[] {
  const expanded = expandTargets(context.positionals);
  if ('addresses' in expanded) return expanded.addresses;
  const { cameras } = context.words;
  throw context.usageError(
    expanded.fault === 'too_many'
      ? cameras.tooManyAddresses({ maximum: TARGETS_MAX })
      : cameras.badTarget({ target: expanded.target }),
  );
}

function portOf(context: CommandContext): number | undefined {
  const text = context.options.text('port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  throw context.usageError(context.words.cli.badValue({ option: '--port', expected: '1…65535' }));
}
