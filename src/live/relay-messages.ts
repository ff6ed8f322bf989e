import { z } from 'zod';

/** What `web` tells the relay first, over the channel between them and nowhere else: 32 bytes, hexadecimal. */
export const relayOrderSchema = z.strictObject({ secret: z.string().regex(/^[0-9a-f]{64}$/) });

/** What the relay answers: the port on 127.0.0.1 that the system chose. */
export const relayReadySchema = z.strictObject({ port: z.int().min(1).max(65_535) });
