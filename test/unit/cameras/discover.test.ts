import { describe, expect, it } from 'vitest';
import { configEntries, unregistered } from '../../../src/cameras/config-entry.ts';
import { readMatch } from '../../../src/cameras/discover.ts';
import { expandTargets } from '../../../src/cameras/targets.ts';
import { createNetworks } from '../../../src/config/networks.ts';
import { parse, SOUND } from '../config/sample.ts';

const networks = createNetworks(['10.0.0.0/24']);
const answer = (xaddrs: string, scopes = '', relatesTo = 'urn:me') =>
  Buffer.from(
    `<E><Header><RelatesTo>${relatesTo}</RelatesTo></Header><Body><ProbeMatches><ProbeMatch><Scopes>${scopes}</Scopes><XAddrs>${xaddrs}</XAddrs></ProbeMatch></ProbeMatches></Body></E>`,
  );
const read = (datagram: Buffer) => readMatch(datagram, '10.0.0.5', 'urn:me', networks);

describe('an answer to the question who is there', () => {
  it('gives the address that the answer came from, and what the device calls itself', () => {
    expect(
      read(
        answer(
          'http://192.168.0.1/onvif http://10.0.0.9/onvif http://10.0.0.5:8080/onvif/device_service',
          'onvif://www.onvif.org/name/Front%20door onvif://www.onvif.org/hardware/X-1',
        ),
      ),
    ).toEqual({
      address: '10.0.0.5',
      deviceUrl: 'http://10.0.0.5:8080/onvif/device_service',
      name: 'Front door',
      model: 'X-1',
    });
  });

  it.each([
    ['belongs to another question', answer('http://10.0.0.5/', '', 'urn:other')],
    ['points outside the networks', answer('http://192.168.0.1/ http://169.254.169.254/')],
    ['names a host that only DNS knows', answer('http://camera.local/')],
    ['has a login inside', answer('http://a:b@10.0.0.5/')],
    ['is no address', answer('ftp://10.0.0.5/ nonsense')],
    ['is no SOAP', Buffer.from('hello')],
    ['is a bomb', Buffer.from('<!DOCTYPE x><E/>')],
  ])('does not count when it %s', (_why, datagram) => {
    expect(read(datagram)).toBeUndefined();
  });

  it('becomes an entry that cameras.yml takes, switched off, whatever the device calls itself', () => {
    const device = {
      address: '127.0.0.5',
      deviceUrl: 'http://127.0.0.5/onvif/device_service',
      name: '"} # \n- x: {',
    };
    const known = { address: '127.0.0.101', deviceUrl: 'http://127.0.0.101:8080/onvif/device_service' };
    const config = parse(SOUND);
    const entries = configEntries(unregistered([known, device], config), config);
    const [, found, ...more] = parse(`${SOUND}${entries}\n`).cameras;
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      id: 'cam02',
      name: { ko: device.name, en: device.name },
      enabled: false,
      zone: { class: 'prohibited' },
      source: { kind: 'onvif', deviceUrl: device.deviceUrl },
    });
  });
});

describe('addresses to ask', () => {
  it('are single ones and ranges without their edges', () => {
    expect(expandTargets(['10.0.0.9', '10.0.1.0/30', '10.0.1.1'])).toEqual({
      addresses: ['10.0.0.9', '10.0.1.1', '10.0.1.2'],
    });
    expect(expandTargets(['10.0.0.0/22'])).toMatchObject({ addresses: { length: 1022 } });
  });

  it.each([['10.0.0.0/21'], ['0.0.0.0/0'], ['10.0.0.0/22', '10.1.0.0/24']])(
    'are at most 1024: %s',
    (...targets) => {
      expect(expandTargets(targets)).toEqual({ fault: 'too_many' });
    },
  );

  it.each(['camera', '10.0.0.0/33', '10.0.0.0/x', '::1', '10.0.0.0/24/1', ''])('are not %j', (target) => {
    expect(expandTargets([target])).toEqual({ fault: 'bad_target', target });
  });
});
