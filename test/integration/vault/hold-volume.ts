import { systemClock } from '../../../src/lib/clock.ts';
import { openVolume } from '../../../src/vault/volume.ts';

// Holds a volume until it is killed.
await openVolume({ storage: process.argv[2] ?? '', initialise: false, site: 'clinic', clock: systemClock });
console.log('held');
setInterval(() => undefined, 60_000);
