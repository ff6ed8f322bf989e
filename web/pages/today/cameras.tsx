import { useState } from 'preact/hooks';
import type { Today, TodayCamera } from '../../../src/contract/today.ts';
import { causeText } from '../../app/causes.ts';
import { language } from '../../app/language.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Strip } from './strip.tsx';
import styles from './today.module.css';
import { words } from './words.ts';

interface CamerasProps {
  readonly recording: NonNullable<Today['recording']>;
  readonly dayStart: string;
  readonly at: string;
}

/**
 * A part of the day is missing, or nothing is recorded now. Of a camera that records, the last five minutes are not
 * judged before they are over: what is on its way to the disk is no hole.
 */
const isTroubled = ({ pulled, recording, strip }: TodayCamera): boolean =>
  pulled && (!recording || /[pn]/.test(strip.slice(0, -1)));

/** Each camera's day. What is well needs no line of its own until somebody wants to see it. */
export function Cameras({ recording: { running, cameras, stripsAt }, dayStart, at }: CamerasProps) {
  const said = words().cameras;
  const [all, setAll] = useState(false);
  const troubled = running ? cameras.filter(isTroubled) : cameras;
  const shown = all ? cameras : troubled;
  const rest = cameras.filter((camera) => camera.pulled && !isTroubled(camera)).length;
  const hasMore = running && troubled.length < cameras.length;
  return (
    <Card
      title={said.title}
      aside={
        hasMore && (
          <Button small expanded={all} onPress={() => setAll(!all)}>
            {all ? said.less : said.all}
          </Button>
        )
      }
    >
      {shown.length > 0 && (
        <ul class={styles.cameras}>
          {shown.map((camera) => (
            <li key={camera.id}>
              <span class={styles.cameraName}>{camera.name[language.value]}</span>
              <Strip camera={camera} dayStartMs={Date.parse(dayStart)} untilMs={Date.parse(stripsAt ?? at)} />
              <State camera={camera} running={running} />
            </li>
          ))}
        </ul>
      )}
      {!all && running && rest > 0 && troubled.length > 0 && (
        <p class={styles.quiet}>{said.rest({ count: rest })}</p>
      )}
    </Card>
  );
}

function State({ camera, running }: { readonly camera: TodayCamera; readonly running: boolean }) {
  const said = words().cameras;
  const { pulled, recording, durable, fps, gap } = camera;
  const clock = (iso: string) => siteTimeText(Date.parse(iso), { show: 'clock', seconds: true });
  const kept = durable === undefined ? said.durableNone : said.durable({ at: clock(durable) });
  return (
    <span class={styles.cameraState}>
      {!running ? (
        <Badge>{said.unknown}</Badge>
      ) : !pulled ? (
        <Badge>{said.off}</Badge>
      ) : recording ? (
        <span>{said.recording}</span>
      ) : (
        <Badge kind="alarm" icon="alarm">
          {said.stopped}
        </Badge>
      )}
      <span class={`figures ${styles.quiet}`}>
        {gap ? said.gapSince({ at: clock(gap.since), cause: causeText(gap.cause) }) : kept}
        {fps !== undefined && recording && ` · ${said.fps({ fps: Math.round(fps) })}`}
      </span>
    </span>
  );
}
