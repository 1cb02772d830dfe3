"""Speech acts of sentences (promise, request, proposal, agreement), and the likelihood of items that they give."""
