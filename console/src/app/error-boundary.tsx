import { Component, type ReactNode } from 'react';
import { Button } from '../components/index.ts';

interface Props {
  readonly children: ReactNode;
}

/** A page that breaks says so, and the rest of the console goes on. After a new release of the server an old page may be gone. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state as { readonly error: Error | null };
    if (error === null) return this.props.children;
    return (
      <div className="note note-bad" role="alert">
        <h1>This page could not be shown</h1>
        <p>{error.message}</p>
        <p>The server may have been replaced by another release since the page was loaded.</p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </div>
    );
  }
}
