/** `shift`: the live wall of an operator, on to off. */
export const VIEWING_KINDS = ['recorded', 'live', 'shift'] as const;
