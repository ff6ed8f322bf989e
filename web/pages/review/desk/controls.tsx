import { useComputed } from '@preact/signals';
import { siteTimeText } from '../../../app/site-time.ts';
import { Button } from '../../../ui/button.tsx';
import { SPEEDS, type Speed } from '../player/play-clock.ts';
import { words } from '../words.ts';
import styles from './desk.module.css';
import type { Command } from './keys.ts';
import type { Playing } from './playing.ts';

interface ControlsProps {
  readonly playing: Playing;
  readonly run: (command: Command) => void;
}

/** The same as the keys, to be pressed. */
export function Controls({ playing, run }: ControlsProps) {
  const said = words().controls;
  const { isPlaying, speed } = playing.clock.value;
  return (
    <div class={styles.controls} role="toolbar" aria-label={said.title}>
      <Button small spoken={said.previous} onPress={() => run({ do: 'previous' })}>
        {said.previousShort}
      </Button>
      <Button small spoken={said.tenBack} onPress={() => run({ do: 'seconds', by: -10 })}>
        −10
      </Button>
      <Button small spoken={said.frameBack} onPress={() => run({ do: 'step', by: -1 })}>
        ‹
      </Button>
      <Button
        kind="primary"
        icon={isPlaying ? 'pause' : 'play'}
        spoken={isPlaying ? said.pause : said.play}
        onPress={() => run({ do: 'toggle' })}
      />
      <Button small spoken={said.frameOn} onPress={() => run({ do: 'step', by: 1 })}>
        ›
      </Button>
      <Button small spoken={said.tenOn} onPress={() => run({ do: 'seconds', by: 10 })}>
        +10
      </Button>
      <Button small spoken={said.next} onPress={() => run({ do: 'next' })}>
        {said.nextShort}
      </Button>
      <label class={styles.speed}>
        <span class="only-spoken">{said.speed}</span>
        <select
          value={String(speed)}
          onChange={({ currentTarget }) => playing.setSpeed(Number(currentTarget.value) as Speed)}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={String(one)}>
              {one}×
            </option>
          ))}
        </select>
      </label>
      <Position playing={playing} />
      <span class={styles.spring} />
      <Button small onPress={() => run({ do: 'in' })}>
        {said.in}
      </Button>
      <Button small onPress={() => run({ do: 'out' })}>
        {said.out}
      </Button>
      <Button small onPress={() => run({ do: 'bookmark' })}>
        {said.bookmark}
      </Button>
      <Button small onPress={() => run({ do: 'go-to' })}>
        {said.goTo}
      </Button>
      <Button small onPress={() => run({ do: 'full' })}>
        {said.full}
      </Button>
      <Button small spoken={said.help} onPress={() => run({ do: 'help' })}>
        ?
      </Button>
    </div>
  );
}

/** Where the playhead is, to the tenth of a second. */
function Position({ playing }: { readonly playing: Playing }) {
  const said = words().controls;
  const tenth = useComputed(() => Math.floor(playing.atUs.value / 100_000));
  const ms = tenth.value * 100;
  return (
    <span class={`${styles.position} figures`} title={said.siteTime}>
      <span class="only-spoken">{said.siteTime} </span>
      {siteTimeText(ms, { seconds: true })}.{Math.floor((ms % 1000) / 100)}
      {playing.isHeld.value && <span class={styles.held}> {said.held}</span>}
    </span>
  );
}
