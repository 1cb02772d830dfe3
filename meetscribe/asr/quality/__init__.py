"""Quality control of recognised text: checks, temperature fallback, hallucination filter, coverage."""
