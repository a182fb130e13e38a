import { createRouter, createWebHistory } from 'vue-router'
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
    { path: '/runs', component: RunsView },
    { path: '/runs/:id(\\d+)', component: RunView, props: ({ params }) => ({ id: Number(params.id) }) },
    {
      path: '/compare/:id(\\d+)?',
      component: CompareView,
      props: ({ params }) => ({ id: params.id ? Number(params.id) : null }),
    },
    {
      path: '/transfer/:draftId(\\d+)?',
      component: () => import('./views/TransferView.vue'),
      props: ({ params }) => ({ draftId: params.draftId ? Number(params.draftId) : null }),
    },
    { path: '/experiments', component: ExperimentsView },
    {
      path: '/experiments/:id(\\d+)',
      component: ExperimentView,
      props: ({ params }) => ({ id: Number(params.id) }),
    },
    { path: '/failures', component: () => import('./views/FailuresView.vue') },
    { path: '/settings', component: SettingsView },
    {
      path: '/replay/:id(\\d+)',
      component: () => import('./views/ReplayView.vue'),
      props: ({ params }) => ({ id: Number(params.id) }),
    },
    { path: '/:path(.*)*', component: NotFoundView },
  ],
})
