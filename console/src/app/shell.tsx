import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { signOut, useLiveState } from '../api/index.ts';
import { Badge, Button } from '../components/index.ts';
import { pages } from './pages.ts';
import { type Theme, useTheme } from './theme.ts';

interface Props {
  readonly keyId: string;
  readonly account: string;
  readonly children: ReactNode;
}

/** What surrounds every page. */
export function Shell({ keyId, account, children }: Props) {
  const main = useRef<HTMLElement>(null);
  const [place] = useLocation();
  const first = useRef(true);
  // Whoever cannot see the page is told that it is another one: the focus goes to it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is what the effect waits for
  useEffect(() => {
    if (first.current) first.current = false;
    else {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }, [place]);
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="bar">
        <Link className="brand" href="/">
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width="24" height="24" />
          Clusterlift
        </Link>
        <nav aria-label="Pages">
          {pages.map(({ path, menu, load }) =>
            menu === undefined ? null : <MenuLink key={path} path={path} name={menu} load={load} />,
          )}
        </nav>
        <div className="bar-end">
          <LiveMark />
          <ThemeChoice />
          <SignedInAs keyId={keyId} account={account} />
        </div>
      </header>
      <main id="page" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function MenuLink({ path, name, load }: { readonly path: string; readonly name: string; readonly load: () => unknown }) {
  const [here] = useRoute(path);
  return (
    <Link href={path} aria-current={here ? 'page' : undefined} onMouseEnter={() => void load()} onFocus={() => void load()}>
      {name}
    </Link>
  );
}

/** A stream is interrupted for a moment whenever a tab comes back: only what lasts is told. */
const tellLostAfterMs = 1_500;

function LiveMark() {
  const state = useLiveState();
  const [told, setTold] = useState<'open' | 'lost' | null>(null);
  useEffect(() => {
    if (state === 'open') {
      setTold('open');
      return undefined;
    }
    const timer = setTimeout(() => setTold('lost'), tellLostAfterMs);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <span role="status" className="live">
      {told === 'open' ? <Badge tone="ok" icon="dot" says="Live" /> : null}
      {told === 'lost' ? <Badge tone="warn" icon="clock" says={state === 'refused' ? 'Not live' : 'Reconnecting'} /> : null}
    </span>
  );
}

const themes: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light', dark: 'Dark' };

export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <select aria-label="Theme" className="quiet" value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
      {Object.entries(themes).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function SignedInAs({ keyId, account }: { readonly keyId: string; readonly account: string }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    await signOut(queries).finally(() => setBusy(false));
  };
  return (
    <span className="who">
      <span className="who-name" title={`Access key ${keyId} of account ${account}`}>
        <span className="visually-hidden">Signed in with the key </span>
        {keyId}
      </span>
      <Button kind="quiet" onClick={() => void leave()} busy={busy}>
        Sign out
      </Button>
    </span>
  );
}
