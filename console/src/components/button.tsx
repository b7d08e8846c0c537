import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly kind?: 'main' | 'plain' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  readonly icon?: IconName;
  /** It was pressed, and the answer is on its way. */
  readonly busy?: boolean;
  /** Why it cannot be pressed now; it stays reachable by keyboard, so that the reason can be read. */
  readonly because?: string | null;
}

export function Button({ children, onClick, kind = 'plain', type = 'button', icon, busy = false, because = null }: Props) {
  const held = busy || because !== null;
  return (
    <button
      type={type}
      className={`button button-${kind}`}
      aria-disabled={held ? true : undefined}
      aria-busy={busy ? true : undefined}
      title={because ?? undefined}
      onClick={(event) => {
        if (held) event.preventDefault();
        else onClick?.();
      }}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
      {because === null ? null : <span className="visually-hidden">. Not now: {because}</span>}
    </button>
  );
}
