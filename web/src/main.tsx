import '@mantine/core/styles.css';
import './page.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api.ts';
import { App } from './app.tsx';

const theme = createTheme({
  primaryColor: 'cyan',
  // dark enough that white letters on it can be read
  primaryShade: 9,
  defaultRadius: 'md',
  fontFamily: 'Inter, system-ui, sans-serif',
});

/** A refusal stays a refusal: only failures of the way are tried again. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) =>
        count < 3 && !(error instanceof ApiError && error.status < 500 && error.status !== 429),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
