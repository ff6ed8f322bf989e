import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../../web/pages/review/desk/keys.ts';

const pressed = (code: string, key = code, shiftKey = false) =>
  commandOf({ code, key, shiftKey, ctrlKey: false, altKey: false, metaKey: false });

describe('the keys of the desk', () => {
  it('are where they lie, so that a Korean keyboard means the same', () => {
    expect(pressed('KeyJ', 'ㅓ')).toEqual({ do: 'speed', by: -1 });
    expect(pressed('KeyG', 'ㅎ')).toEqual({ do: 'go-to' });
    expect(pressed('Space', ' ')).toEqual({ do: 'toggle' });
    expect(pressed('Comma', ',')).toEqual({ do: 'step', by: -1 });
  });

  it('go a second, and ten with shift', () => {
    expect(pressed('ArrowLeft', 'ArrowLeft')).toEqual({ do: 'seconds', by: -1 });
    expect(pressed('ArrowRight', 'ArrowRight', true)).toEqual({ do: 'seconds', by: 10 });
    expect(pressed('Slash', '?', true)).toEqual({ do: 'help' });
  });

  it('leave the browser its own', () => {
    expect(
      commandOf({ code: 'KeyF', key: 'f', shiftKey: false, ctrlKey: true, altKey: false, metaKey: false }),
    ).toBeUndefined();
    expect(pressed('KeyQ', 'q')).toBeUndefined();
    expect(pressed('KeyB', 'B', true)).toBeUndefined();
  });
});
