import type { ReactNode } from 'react'
import { Outlet, type RouteObject } from 'react-router'
import { AnswerPage } from './answers/answer-page'
import { AnswersPage } from './answers/answers-page'
import { Guard } from './session/guard'
import type { Door } from './session/session'
import { Crash } from './shell/crash'
import { NotFound } from './shell/not-found'
import { Shell } from './shell/shell'

type Page = () => Promise<{ Component: () => ReactNode }>

/** A page behind a door. Its code is loaded only when it is opened. */
function behind(door: Door, path: string, page: Page): RouteObject {
  return {
    path,
    element: (
      <Guard door={door}>
        <Outlet />
      </Guard>
    ),
    children: [{ index: true, lazy: page }],
  }
}

export const routes: RouteObject[] = [
  {
    Component: Shell,
    ErrorBoundary: Crash,
    HydrateFallback: () => null,
    children: [
      { index: true, Component: AnswersPage },
      { path: 'answers', Component: AnswersPage },
      { path: 'answers/:number', Component: AnswerPage },
      // For everybody, like the answers; its code is loaded only when it is opened.
      { path: 'verify', lazy: () => import('./verify/verify-page') },
      behind('overview', 'overview', () => import('./overview/overview-page')),
      behind('breaches', 'breaches', () => import('./breaches/breaches-page')),
      behind('breaches', 'breaches/:id', () => import('./breaches/breach-page')),
      behind('audit', 'audit', () => import('./audit/audit-page')),
      behind('retention', 'retention', () => import('./retention/retention-page')),
      behind('backups', 'backups', () => import('./backups/backups-page')),
      behind('tenants', 'tenants', () => import('./tenants/tenants-page')),
      behind('members', 'tenants/:tenant/members', () => import('./tenants/members-page')),
      behind('data', 'data', () => import('./data/areas-page')),
      behind('data', 'data/:area', () => import('./data/area-page')),
      behind('data', 'data/:area/:collection', () => import('./data/records-page')),
      { path: '*', Component: NotFound },
    ],
  },
]
