/**
 * The console: what people see of Clusterlift in a browser. It is a client of the native API and nothing more.
 * It does not know: any rule of an upgrade, what may be done now (the server says that), any secret.
 */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { createQueryClient } from './api/index.ts';
import { App } from './app/app.tsx';
import './styles/index.css';

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Router base="/console">
        <App />
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
