import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { DataPage } from './data/data-page.tsx';
import { Frame } from './frame.tsx';
import { Overview } from './overview.tsx';
import { keepSession, readSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { usePlace } from './use-place.ts';

/** A form without a session; with one, the page that the address names. */
export function App() {
  const [session, setSession] = useState(readSession);
  const queries = useQueryClient();
  const { page, asked } = usePlace();
  const hasSeenData = useRef(false);
  if (!session) return <SignIn onSignedIn={setSession} />;
  if (page === 'data') hasSeenData.current = true;
  const signOut = () => {
    keepSession(undefined);
    queries.clear();
    hasSeenData.current = false;
    setSession(undefined);
  };
  return (
    <Frame session={session} page={page} onSignOut={signOut}>
      {page === 'overview' && <Overview session={session} />}
      {/* it stays while another page is shown, for it may be sending a file */}
      {hasSeenData.current && (
        <div hidden={page !== 'data'}>
          <DataPage session={session} isShown={page === 'data'} asked={asked} />
        </div>
      )}
    </Frame>
  );
}
