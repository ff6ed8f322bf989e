import { useResource } from '../../api/resource.ts';
import { words as frameWords } from '../../app/words.ts';
import { Button } from '../../ui/button.tsx';
import { Actions, Card } from '../../ui/card.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded } from '../../ui/states.tsx';
import { askBeginning, type Beginning } from './api.ts';
import { overWords } from './over.ts';
import { now } from './shift.ts';
import { StartSheet } from './start-sheet.tsx';
import styles from './wall.module.css';
import { Watching } from './watching.tsx';
import { words } from './words.ts';

/** Live pictures of the cameras that somebody may see, as one logged shift. */
export default function Wall() {
  const beginning = useResource(askBeginning);
  return (
    <Loaded of={beginning} skeleton={<Bones />}>
      {(value) => <Shown beginning={value} onRestart={beginning.reload} />}
    </Loaded>
  );
}

interface ShownProps {
  readonly beginning: Beginning;
  readonly onRestart: () => void;
}

function Shown({ beginning, onRestart }: ShownProps) {
  const said = words();
  const { pages } = frameWords();
  const state = now.value;
  if (state.at === 'watching') return <Watching shift={state.shift} beginning={beginning} />;
  if (state.at === 'over')
    return (
      <>
        <PageHead title={pages.wall} />
        <div class={styles.sheet}>
          <Card title={said.over.title}>
            <p role="status">{overWords(state.outcome)}</p>
            <Actions>
              <Button
                kind="primary"
                onPress={() => {
                  now.value = { at: 'none', before: state.shift };
                  onRestart();
                }}
              >
                {said.over.restart}
              </Button>
            </Actions>
          </Card>
        </div>
      </>
    );
  return (
    <>
      <PageHead title={pages.wall}>{said.about}</PageHead>
      {beginning.cameras.length === 0 ? (
        <Card title={said.none.title}>
          <p>{said.none.text}</p>
        </Card>
      ) : (
        <StartSheet beginning={beginning} {...(state.before && { before: state.before })} />
      )}
    </>
  );
}

/** Of the shape of what comes. */
const Bones = () => (
  <>
    <PageHead title={frameWords().pages.wall}>{frameWords().loading}</PageHead>
    <div class={styles.bones} aria-hidden="true">
      {[0, 1, 2, 3].map((at) => (
        <div key={at} class={styles.bone} />
      ))}
    </div>
  </>
);
