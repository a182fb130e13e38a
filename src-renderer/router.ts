import { createRouter, createWebHistory } from 'vue-router'
import type { ViewName } from './actions/describe.ts'
import { readReference } from './replay/references.ts'
import CompareView from './views/CompareView.vue'
import ExperimentsView from './views/ExperimentsView.vue'
import ExperimentView from './views/ExperimentView.vue'
import NotFoundView from './views/NotFoundView.vue'
import RunsView from './views/RunsView.vue'
import RunView from './views/RunView.vue'
import SettingsView from './views/SettingsView.vue'

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
    {
      path: '/failures',
      name: 'failures' satisfies ViewName,
      component: () => import('./views/FailuresView.vue'),
    },
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
