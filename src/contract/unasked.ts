/**
 * On requests that a page makes by itself, such as looking again every ten seconds: they are answered as any other, and
 * do not count as somebody being there. Who leaves it out is taken for a person.
 */
export const UNASKED_HEADER = 'girok-unasked';
