/* The polling places of a count and where they are drawn, kept on this device until whoever fetched them signs out. */
import { clear, createStore, get, set } from "idb-keyval";
import { tried } from "./tried.js";

const store = createStore("escrutinio-places", "places");

/** What was kept of that count, undefined for nothing. @param {string} count */
export const keptPlaces = (count) => tried(() => get(count, store), undefined);

/** @param {string} count @param {any} found */
export const keepPlaces = (count, found) => tried(() => set(count, found, store), undefined);

export const dropPlaces = () => tried(() => clear(store), undefined);
