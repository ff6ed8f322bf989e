/**
 * What erasing and holds tell of themselves may come to say more; who did it and in which words stays in their own
 * records, which can be erased.
 */
export const withoutPersons = <Facts extends object>(facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !OF_PERSONS.has(name))) as Facts;
const OF_PERSONS = new Set(['by', 'reason', 'confirmedBy']);
