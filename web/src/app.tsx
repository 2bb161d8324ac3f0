import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Overview } from './overview.tsx';
import { keepSession, readSession } from './session.ts';
import { SignIn } from './sign-in.tsx';

/** The page: a form without a session, the overview with one. */
export function App() {
  const [session, setSession] = useState(readSession);
  const queries = useQueryClient();
  if (!session) return <SignIn onSignedIn={setSession} />;
  const signOut = () => {
    keepSession(undefined);
    queries.clear();
    setSession(undefined);
  };
  return <Overview session={session} onSignOut={signOut} />;
}
