import { endSettingUp } from '../../app/setting-up.ts';
import { Button } from '../../ui/button.tsx';
import { words } from './words.ts';

export function DoneStep() {
  const said = words().done;
  return (
    <>
      <p>{said.about}</p>
      <Button kind="primary" wide onPress={endSettingUp}>
        {said.begin}
      </Button>
    </>
  );
}
