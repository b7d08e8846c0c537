import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { signIn } from '../../api/index.ts';
import { ThemeChoice } from '../../app/shell.tsx';
import { Button, FailureNote, PageHead } from '../../components/index.ts';

/** The one page of those who are not signed in; it leads to the page that they wanted to see. */
export function SignIn() {
  const queries = useQueryClient();
  const [keyId, setKeyId] = useState('');
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const ids = { key: useId(), secret: useId(), how: useId() };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await signIn(queries, keyId.trim(), secret.trim());
    } catch (why) {
      setFailure(why);
      setBusy(false);
    }
  };

  return (
    <main className="alone">
      <form className="panel sign-in" onSubmit={(event) => void submit(event)}>
        <PageHead title="Sign in to Clusterlift" />
        <div className="field">
          <label htmlFor={ids.key}>Access key</label>
          <input
            id={ids.key}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={keyId}
            onChange={(event) => setKeyId(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={ids.secret}>Secret</label>
          <input
            id={ids.secret}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            aria-describedby={ids.how}
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </div>
        {failure === null ? null : <FailureNote failure={failure} />}
        <Button kind="main" type="submit" busy={busy}>
          Sign in
        </Button>
        <p className="hint" id={ids.how}>
          The server wrote its first key where it was started. Another one is made with <code>clusterlift key create</code>.
        </p>
      </form>
      <ThemeChoice />
    </main>
  );
}
