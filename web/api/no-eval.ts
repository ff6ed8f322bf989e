import { z } from 'zod';

// Before any schema is made: compiled ones would need `eval`, which the content policy forbids, and only trying is a
// violation that it reports.
z.config({ jitless: true });
