"""What a language model may make of the evidence: replies of a stand-in that are right, and many that are not."""
