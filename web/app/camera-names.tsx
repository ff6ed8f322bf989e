import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { z } from 'zod';
import { cameraSchema } from '../../src/contract/cameras.ts';
import { get } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { language } from './language.ts';

const answer = z.strictObject({ cameras: z.array(cameraSchema) });
type NameOf = (camera: string) => string;
const CameraNames = createContext<NameOf>((camera) => camera);

/** Asks once what the site's cameras are called, for all that is inside. */
export function WithCameraNames({ children }: { readonly children: ComponentChildren }) {
  const known = useResource((signal) => get('/api/cameras', answer, { signal }));
  const nameOf: NameOf = (id) => {
    // Room for a name: an id that becomes one would be read twice.
    if (known.state === 'loading') return '\u00a0';
    const cameras = known.state === 'ready' ? known.value.cameras : [];
    return cameras.find((camera) => camera.id === id)?.name[language.value] ?? id;
  };
  return <CameraNames.Provider value={nameOf}>{children}</CameraNames.Provider>;
}

/** What a camera is called, in the language that is spoken; one that is not configured any more goes by its id. */
export const useCameraNames = (): NameOf => useContext(CameraNames);
