/* Made by `make vocabulary` from the enums of the rooms, see api/vocabulary.py; never edited. */
(function (escrutinio) {
  "use strict";

  escrutinio.vocabulary = {
    flag_sentences: {"arithmetic": ["arithmetic", "held", "roll", "not_evidence"], "aggregate": ["aggregate", "not_evidence"], "decrease": ["decrease", "again", "decrease_usual", "not_evidence"], "reopened": ["reopened", "not_evidence"], "swap": ["swap", "swap_cause", "moves", "not_evidence"], "share": ["share", "likely", "weak", "causes", "moves", "not_evidence"], "turnout": ["turnout", "likely", "weak", "causes", "moves", "not_evidence"], "identical": ["identical", "identical_cause", "not_evidence"], "zero": ["zero", "not_evidence"]},
  };
})(window.escrutinio);
