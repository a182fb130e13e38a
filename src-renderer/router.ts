import { createRouter, createWebHistory } from 'vue-router'
import type { ViewName } from './actions/describe.ts'
import { whenIdle } from './idle.ts'
import { letLeave } from './leaving.ts'
import { readReference } from './replay/references.ts'

// Views are loaded when they are gone to: to run all their modules at once would keep the first one waiting.
const CompareView = () => import('./views/CompareView.vue')
const ExperimentsView = () => import('./views/ExperimentsView.vue')
const ExperimentView = () => import('./views/ExperimentView.vue')
const NotFoundView = () => import('./views/NotFoundView.vue')
const RunsView = () => import('./views/RunsView.vue')
const RunView = () => import('./views/RunView.vue')
const SettingsView = () => import('./views/SettingsView.vue')
const FailuresView = () => import('./views/FailuresView.vue')

/** Every view has an address that survives a reload. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/runs' },
    { path: '/runs', name: 'runs' satisfies ViewName, component: RunsView },
    {
      path: '/runs/:id(\\d+)',
      name: 'run' satisfies ViewName,
      component: RunView,
      props: ({ params }) => ({ id: Number(params.id) }),
    },
    {
      path: '/compare/:id(\\d+)?',
      name: 'compare' satisfies ViewName,
      component: CompareView,
      props: ({ params }) => ({ id: params.id ? Number(params.id) : null }),
    },
    {
      path: '/reproduction',
      name: 'reproduction' satisfies ViewName,
      component: () => import('./views/ReproductionView.vue'),
    },
    {
      path: '/transfer/:draftId(\\d+)?',
      name: 'transfer' satisfies ViewName,
      component: () => import('./views/TransferView.vue'),
      props: ({ params }) => ({ draftId: params.draftId ? Number(params.draftId) : null }),
    },
    { path: '/experiments', name: 'experiments' satisfies ViewName, component: ExperimentsView },
    {
      path: '/experiments/:id(\\d+)',
      name: 'experiment' satisfies ViewName,
      component: ExperimentView,
      props: ({ params }) => ({ id: Number(params.id) }),
    },
    { path: '/failures', name: 'failures' satisfies ViewName, component: FailuresView },
    { path: '/settings', name: 'settings' satisfies ViewName, component: SettingsView },
    {
      path: '/replay/:id(\\d+)?',
      name: 'replay' satisfies ViewName,
      component: () => import('./views/ReplayView.vue'),
      props: ({ params, query }) => ({ reference: readReference(params.id, query) }),
    },
    { path: '/:path(.*)*', component: NotFoundView },
  ],
})
letLeave(router)

/** Has the views that one goes to and fro between at hand before they are asked for, one at a time while nothing else is to be done. */
export function loadOtherViews(): void {
  const rest = [RunsView, RunView, CompareView, ExperimentsView, ExperimentView, FailuresView]
  const loadNext = () =>
    whenIdle(async () => {
      const load = rest.shift()
      if (load === undefined) return
      // The router says what is wrong with a view that does not load once somebody goes there.
      await load().catch(() => {})
      loadNext()
    })
  loadNext()
}
