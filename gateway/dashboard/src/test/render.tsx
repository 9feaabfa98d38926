import { render } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { Providers } from '../app'
import { routes } from '../routes'

/** The whole dashboard at one address. */
export function open(address: string) {
  const router = createMemoryRouter(routes, { initialEntries: [address] })
  render(
    <Providers env="test">
      <RouterProvider router={router} />
    </Providers>,
  )
  return router
}
