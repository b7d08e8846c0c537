import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says that does it: a verb. */
  readonly does: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onDo: () => void;
  readonly onLeave: () => void;
}

/** Asks before something is done that cannot be undone by pressing again. It is there while it is rendered. */
export function Confirm({ title, children, does, danger = false, busy = false, onDo, onLeave }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onLeave();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      <div className="actions">
        <Button onClick={onLeave}>Leave it</Button>
        <Button kind={danger ? 'danger' : 'main'} onClick={onDo} busy={busy}>
          {does}
        </Button>
      </div>
    </dialog>
  );
}
