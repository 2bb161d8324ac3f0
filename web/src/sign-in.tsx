import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { signIn } from './api.ts';
import type { Session } from './session.ts';

/** Asks for name and password. */
export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({ mutationFn: () => signIn(username, password), onSuccess: onSignedIn });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper component="form" onSubmit={submit} withBorder shadow="sm" p="xl" w={380}>
        <Stack>
          <div>
            <Title order={1} size="h2">
              smart-inventory
            </Title>
            <Text c="dimmed" size="sm">
              What to order, when and why.
            </Text>
          </div>
          <TextInput
            label="User"
            autoComplete="username"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            required
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
          />
          {attempt.error && (
            <Alert color="red" role="alert">
              {attempt.error.message}
            </Alert>
          )}
          <Button type="submit" loading={attempt.isPending}>
            Sign in
          </Button>
          <Text c="dimmed" size="xs">
            On one machine, the demo users and their passwords are printed at the first start and kept in
            credentials.json.
          </Text>
        </Stack>
      </Paper>
    </Center>
  );
}
