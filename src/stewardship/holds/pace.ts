import type { SegmentStore } from '../../vault/segment-store.ts';

/** Asks `step` before each read: that is where copying rests, looks around, and can be ended. */
export const pacedStore = (store: SegmentStore, step: () => Promise<void>): SegmentStore => ({
  ...store,
  async open(file) {
    const data = await store.open(file);
    return {
      ...data,
      async read(target, position) {
        await step();
        return data.read(target, position);
      },
    };
  },
});
