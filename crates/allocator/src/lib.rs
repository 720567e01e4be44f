//! The allocator of the program: mimalloc, with huge pages for what is large.
//!
//! An evaluation of thousands of services fills tens of MiB of an arena and reads them all over the
//! place. Of pages of 4 KiB that is ten thousand faults, and a miss of the processor's table of pages
//! at every other value. The arena asks for 2 MiB at first, and then for twice as much as before.
//!
//! Architecture Invariant: this is the only crate with unsafe code.

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::c_void;

use libmimalloc_sys::{
    mi_free, mi_malloc, mi_malloc_aligned, mi_realloc, mi_realloc_aligned, mi_zalloc,
    mi_zalloc_aligned,
};

/// The bytes of a huge page, where there are any.
const HUGE: usize = 2 << 20;

/// How much less than a huge page a chunk may be to get one: what an arena leaves for the bookkeeping
/// of allocators when it asks for a power of two (bytes).
const SPARED: usize = 4 << 10;

/// The alignment of any block of mimalloc that is at least as large (bytes); smaller ones are aligned
/// as their size is. That of other allocators for C is the same.
const ALIGNED: usize = 16;

pub struct Allocator;

/// Whether every block of a size is aligned enough. To ask for the alignment takes twice as long.
#[inline]
fn is_aligned(size: usize, layout: Layout) -> bool {
    layout.align() <= ALIGNED && layout.align() <= size
}

// SAFETY: every block is mimalloc's, which frees and resizes any block of its own, whatever size and
// alignment it was asked for. What is given is at least as large and as aligned as the layout says.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        if size >= HUGE - SPARED {
            return large(layout);
        }
        // SAFETY: the alignment is a power of two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_malloc(size),
                false => mi_malloc_aligned(size, layout.align()),
            }
        };
        block.cast()
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: the caller promises that it is a block of this allocator.
        unsafe { mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        // SAFETY: the alignment is a power of two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_zalloc(size),
                false => mi_zalloc_aligned(size, layout.align()),
            }
        };
        block.cast()
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let block: *mut c_void = block.cast();
        // SAFETY: the caller promises that it is a block of this allocator; the alignment is a power of
        // two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_realloc(block, size),
                false => mi_realloc_aligned(block, size, layout.align()),
            }
        };
        block.cast()
    }
}

/// A block of whole huge pages; null if there is none.
#[cold]
fn large(layout: Layout) -> *mut u8 {
    let Some(size) = layout.size().checked_next_multiple_of(HUGE) else {
        return std::ptr::null_mut();
    };
    // SAFETY: the alignment is a power of two.
    let block: *mut u8 = unsafe { mi_malloc_aligned(size, layout.align().max(HUGE)) }.cast();
    if !block.is_null() {
        advise(block, size);
    }
    block
}

/// Asks the system for huge pages. Where it has none, or does not want to, nothing changes.
#[cfg(target_os = "linux")]
fn advise(block: *mut u8, size: usize) {
    // SAFETY: the bytes are the block's, and this advice changes nothing of what they hold.
    unsafe { libc::madvise(block.cast(), size, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise(_block: *mut u8, _size: usize) {}

#[cfg(test)]
mod tests {
    use std::alloc::{GlobalAlloc, Layout};

    use super::{Allocator, HUGE, SPARED};

    #[global_allocator]
    static ALLOCATOR: Allocator = Allocator;

    fn numbers(len: usize) -> Vec<u64> {
        let mut numbers = Vec::with_capacity(len);
        numbers.extend(0..len as u64);
        numbers
    }

    #[test]
    fn large_blocks_begin_at_a_huge_page() {
        for size in [HUGE - SPARED, HUGE, HUGE + 1, 5 * HUGE] {
            let block = Vec::<u8>::with_capacity(size);
            assert_eq!(block.as_ptr() as usize % HUGE, 0, "{size} bytes");
        }
    }

    #[test]
    fn blocks_are_as_aligned_as_they_have_to_be() {
        for align in [1, 2, 4, 8, 16, 32, 64, 4096] {
            for size in (1..=64).chain([100, 1000, 10_000, HUGE - SPARED, 2 * HUGE]) {
                let layout = Layout::from_size_align(size, align).expect("it is a power of two");
                // SAFETY: the size is not zero, and each block is freed with its layout.
                unsafe {
                    for block in [ALLOCATOR.alloc(layout), ALLOCATOR.alloc_zeroed(layout)] {
                        assert_eq!(block as usize % align, 0, "{size} bytes aligned to {align}");
                        let grown = ALLOCATOR.realloc(block, layout, size + 8);
                        assert_eq!(grown as usize % align, 0, "{size} bytes aligned to {align}");
                        let layout = Layout::from_size_align(size + 8, align).expect("it is one");
                        ALLOCATOR.dealloc(grown, layout);
                    }
                }
            }
        }
    }

    #[test]
    fn blocks_keep_what_they_hold_when_they_grow_and_shrink() {
        for len in [1, 1000, HUGE / 8 - SPARED, HUGE / 8, HUGE, 3 * HUGE / 8 + 1] {
            let mut grown = numbers(len);
            grown.reserve_exact(len + HUGE);
            assert!(grown.iter().copied().eq(0..len as u64));
            grown.truncate(len / 2);
            grown.shrink_to_fit();
            assert!(grown.iter().copied().eq(0..len as u64 / 2));
        }
    }

    #[test]
    fn blocks_do_not_overlap() {
        let blocks: Vec<Vec<u64>> = (1..8).map(|many| numbers(many * (HUGE / 16))).collect();
        for block in &blocks {
            assert!(block.iter().copied().eq(0..block.len() as u64));
        }
    }

    #[test]
    fn what_no_machine_has_is_refused() {
        let mut none = Vec::<u8>::new();
        assert!(none.try_reserve_exact(isize::MAX as usize - 1).is_err());
    }
}
