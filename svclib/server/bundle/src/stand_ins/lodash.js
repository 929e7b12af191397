// The two of lodash's functions that jupyter-vue uses.
import cloneDeep from 'lodash/cloneDeep.js'
import isEqual from 'lodash/isEqual.js'

export default { cloneDeep, isEqual }
