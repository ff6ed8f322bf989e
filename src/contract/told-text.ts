import { z } from 'zod';

/** A text of a person: what it says, or that its time is over. */
export const toldText = z.union([z.strictObject({ text: z.string() }), z.enum(['erased', 'damaged'])]);
