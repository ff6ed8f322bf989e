import { type AboutView, aboutSchema } from '../../contract/about.ts';
import { type Route, route } from '../route.ts';

export interface AboutDeps {
  /** @throws GirokError of site.db */
  about(): AboutView;
}

/** What is published of the site, for whoever works in it. Not for strangers: it names the version. */
export const aboutRoutes = ({ about }: AboutDeps): Route[] => [
  route({
    method: 'GET',
    path: '/api/about',
    access: { function: 'own_account' },
    summary:
      'Version, what the site publishes of itself, and the key that its checkpoints are verified with.',
    answer: aboutSchema,
    handle: () => about(),
  }),
];
