"""The operations of the wire, one module for each subject. Being imported here is what registers them."""

from tukro.api.mturk.operations import accounts as accounts
from tukro.api.mturk.operations import reviews as reviews
