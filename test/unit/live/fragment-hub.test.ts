import { describe, expect, it } from 'vitest';
import type { CameraId, StreamRef } from '../../../src/lib/ids.ts';
import { createFragmentHub } from '../../../src/live/fragment-hub.ts';

const main: StreamRef = { camera: 'cam01' as CameraId, stream: 'main' };
const sub: StreamRef = { camera: 'cam01' as CameraId, stream: 'sub' };
const bytes = (text: string) => Buffer.from(text);

function listener() {
  const heard: string[] = [];
  return {
    heard,
    init: (data: Buffer) => void heard.push(`init ${data}`),
    fragment: (data: Buffer) => void heard.push(String(data)),
  };
}

describe('the fragment hub', () => {
  it('begins each listener with the init segment and then a key frame', () => {
    const hub = createFragmentHub();
    const early = listener();
    hub.listen(main, early);
    hub.init(main, bytes('A'));
    hub.fragment(main, bytes('p0'), false);
    hub.fragment(main, bytes('k1'), true);
    const late = listener();
    hub.listen(main, late);
    hub.fragment(main, bytes('p2'), false);
    hub.fragment(main, bytes('k3'), true);
    expect(early.heard).toEqual(['init A', 'k1', 'p2', 'k3']);
    expect(late.heard).toEqual(['init A', 'k3']);
  });

  it('keeps streams apart and begins anew with a new init segment', () => {
    const hub = createFragmentHub();
    const one = listener();
    hub.listen(main, one);
    hub.init(sub, bytes('S'));
    hub.fragment(sub, bytes('k'), true);
    hub.init(main, bytes('A'));
    hub.fragment(main, bytes('k1'), true);
    hub.init(main, bytes('B'));
    hub.fragment(main, bytes('p2'), false);
    hub.fragment(main, bytes('k3'), true);
    expect(one.heard).toEqual(['init A', 'k1', 'init B', 'k3']);
  });

  it('forgets who has stopped listening', () => {
    const hub = createFragmentHub();
    const one = listener();
    const stop = hub.listen(main, one);
    expect(hub.listenerCount()).toBe(1);
    stop();
    hub.fragment(main, bytes('k'), true);
    expect(one.heard).toEqual([]);
    expect(hub.listenerCount()).toBe(0);
  });
});
