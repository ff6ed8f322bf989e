import { useState } from 'preact/hooks';
import { siteTimeText } from '../../../app/site-time.ts';
import { useWorking } from '../../../app/working.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Fault, Field, Select } from '../../../ui/field.tsx';
import { Form } from '../../../ui/form.tsx';
import { addMark, isoOf } from '../api.ts';
import { words } from '../words.ts';

interface BookmarkSheetProps {
  readonly viewing: string;
  readonly atUs: number;
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
  /** The one that is looked at, where it is one. */
  readonly camera: string | undefined;
  readonly onMarked: () => void;
  readonly onClose: () => void;
}

/** Which camera, and a word about it: it becomes an entry of the viewing log. */
export function BookmarkSheet(props: BookmarkSheetProps) {
  const { viewing, atUs, cameras, onMarked, onClose } = props;
  const said = words().bookmarks;
  const [camera, setCamera] = useState(props.camera ?? cameras[0]?.id ?? '');
  const [note, setNote] = useState('');
  const working = useWorking();
  const submit = () =>
    working.run(async () => {
      const text = note.trim();
      await addMark(viewing, { camera, at: isoOf(atUs), ...(text !== '' && { note: text }) });
      onMarked();
    });
  return (
    <Dialog title={said.add} onClose={onClose}>
      <Form onSubmit={submit}>
        <p class="figures">{siteTimeText(atUs / 1000, { seconds: true })}</p>
        <Field first optional label={said.note} maxLength={200} value={note} onValue={setNote} />
        <Select
          label={said.camera}
          value={camera}
          options={cameras.map(({ id, name }) => ({ value: id, label: name }))}
          onValue={setCamera}
        />
        {working.fault && <Fault sentence={working.fault.sentence} />}
        <Button kind="primary" type="submit" busy={working.busy}>
          {said.keep}
        </Button>
      </Form>
    </Dialog>
  );
}
