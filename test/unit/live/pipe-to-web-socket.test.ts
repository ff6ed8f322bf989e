import { describe, expect, it } from 'vitest';
import { type PipeOptions, pipeToWebSocket } from '../../../src/live/pipe-to-web-socket.ts';
import { fakeSocket, fakeViewing } from '../../support/live/fake-live.ts';
import { atRest, createManualClock } from '../../support/manual-clock.ts';

function begin(options: Partial<PipeOptions> = {}, takes = true) {
  const clock = createManualClock();
  const shown = fakeViewing(clock);
  const { socket, facts, tell } = fakeSocket(takes);
  const account = { bytes: 0 };
  const ended = pipeToWebSocket(shown.viewing, socket, {
    clock,
    onBytes: (bytes) => {
      account.bytes += bytes;
    },
    recheck: () => true,
    ...options,
  });
  return { clock, ...shown, facts, tell, account, ended };
}

describe('a live picture on a WebSocket', () => {
  it('is accounted for to the byte, before it is sent', async () => {
    const { show, facts, account, end, ended, clock } = begin();
    for (let i = 1; i <= 20; i++) {
      show(i * 1000);
      await clock.run(100);
    }
    end('live_unavailable');
    expect(await ended).toBe('live_unavailable');
    expect(facts.sent).toBe(210_000);
    expect(account.bytes).toBe(facts.sent);
    expect(facts.closed).toEqual([1013, 'live_unavailable']);
  });

  it('is not sent when it cannot be accounted for', async () => {
    const { show, facts, ended } = begin({
      onBytes: () => {
        throw new Error('the ledger cannot be written');
      },
    });
    show(1000);
    expect(await ended).toBe('revoked');
    expect(facts).toMatchObject({ sent: 0, closed: [1008, 'revoked'] });
  });

  it.each<[string, PipeOptions['recheck']]>([
    ['the right is gone', () => false],
    ['the right is gone, told later', async () => false],
    ['nobody can tell whether the right stands', () => Promise.reject(new Error('no database'))],
    [
      'the look fails',
      () => {
        throw new Error('no database');
      },
    ],
    ['no answer comes', () => new Promise(() => undefined)],
  ])('is cut within five seconds when %s', async (_what, recheck) => {
    let revoked = false;
    const { clock, show, facts, ended, account } = begin({ recheck: () => (revoked ? recheck() : true) });
    await clock.run(10_000);
    expect(facts.closed).toBeUndefined();
    revoked = true;
    for (let ms = 0; ms < 5000 && !facts.closed; ms += 100) {
      show(100);
      await clock.run(100);
    }
    expect(await ended).toBe('revoked');
    expect(facts.closed).toEqual([1008, 'revoked']);
    const sent = facts.sent;
    show(100);
    await clock.run(1000);
    expect(facts.sent).toBe(sent);
    expect(account.bytes).toBe(sent);
    expect(facts.terminated).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('is cut also while the socket takes nothing', async () => {
    let may = true;
    const { clock, show, facts, ended } = begin({ recheck: () => may }, false);
    show(100);
    await clock.run(3000);
    may = false;
    await clock.run(2100);
    expect(await ended).toBe('revoked');
    expect(facts.closed).toEqual([1008, 'revoked']);
  });

  it.each(['close', 'error'] as const)('ends the viewing when the socket says %s', async (event) => {
    const { tell, ended, viewing, clock } = begin();
    await atRest();
    tell(event);
    expect(await ended).toBe('left');
    expect(await viewing.ended).toBe('cut');
    await clock.run(1000);
    expect(clock.timers).toBe(0);
  });
});
