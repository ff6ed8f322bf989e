import type { WatchedView } from '../../cameras/view/desk.ts';
import type { Config } from '../../config/config.ts';
import { pullDecision } from '../../config/pull-decision.ts';

/**
 * Whose pictures are held against a reference: all that are recorded always. Of operating rooms nothing is opened, by
 * nobody and for nothing, but what an approved release names.
 */
export const watchedViews = ({ cameras }: Pick<Config, 'cameras'>): WatchedView[] =>
  cameras
    .filter((camera) => pullDecision(camera).pull && camera.zone.class !== 'operating_room')
    .map(({ id, record }) => ({ camera: id, streams: record === 'main' ? ['main'] : ['sub', 'main'] }));
