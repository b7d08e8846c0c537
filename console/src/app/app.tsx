import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { LiveState, sessionQuery, useChanges } from '../api/index.ts';
import { FailureNote, Loading, PageHead } from '../components/index.ts';
import { SignIn } from '../pages/sign-in/index.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { pages } from './pages.ts';
import { Shell } from './shell.tsx';

export function App() {
  const session = useQuery(sessionQuery);
  if (session.data === undefined) {
    return (
      <main className="alone">
        {session.isPending && session.failureCount === 0 ? (
          <Loading what="the console" />
        ) : (
          <FailureNote failure={session.error ?? session.failureReason} again={() => void session.refetch()} />
        )}
      </main>
    );
  }
  return session.data === null ? <SignIn /> : <SignedIn keyId={session.data.keyId} account={session.data.account} />;
}

function SignedIn({ keyId, account }: { readonly keyId: string; readonly account: string }) {
  const live = useChanges();
  return (
    <LiveState value={live}>
      <Shell keyId={keyId} account={account}>
        <Switch>
          {pages.map(({ path, show: Show }) => (
            <Route key={path} path={path}>
              {(params) => (
                <ErrorBoundary key={JSON.stringify([path, params])}>
                  <Suspense fallback={<Loading what="the page" />}>
                    <Show params={params as Readonly<Record<string, string>>} />
                  </Suspense>
                </ErrorBoundary>
              )}
            </Route>
          ))}
          <Route>
            <NoSuchPage />
          </Route>
        </Switch>
      </Shell>
    </LiveState>
  );
}

function NoSuchPage() {
  return (
    <>
      <PageHead title="There is no such page" />
      <p>
        The address may have been written by hand, or be of another release. <Link href="/">Go to the overview</Link>.
      </p>
    </>
  );
}
